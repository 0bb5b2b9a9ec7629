/**
 * Left out everywhere unless an ignore file includes it again: lock files and temporary files that mean something to a
 * running program on one machine only, and what desktops leave behind. Backups such as `x~` are a user's files and are
 * synced.
 */
export const DEFAULT_IGNORE = `# Office and LibreOffice: owner files and locks
~$*
.~lock.*#
# Word: temporary files beside the document
~WRL*.tmp
~WRD*.tmp
# Vim and Emacs: swap files and locks
*.swp
.*.sw[no]
.#*
# Desktops
.DS_Store
Thumbs.db
ehthumbs.db
desktop.ini
.Trash-*
# Files that are deleted but still open, on network file systems
.nfs*
.fuse_hidden*
`;
