#!/bin/sh
# Behind the removal of a deb or rpm. Called at upgrades too: what belongs to the new version stays.
case "$1" in
  upgrade | failed-upgrade | 1) exit 0 ;;
esac
for link in /usr/bin/tidemark '/usr/bin/${executable}'; do
  # Only links into a folder that is gone.
  if [ -L "$link" ] && [ ! -e "$link" ]; then
    case $(readlink "$link") in
      '/opt/${sanitizedProductName}/'*) rm -f "$link" ;;
    esac
  fi
done
if [ -f '/etc/apparmor.d/${executable}' ]; then
  if command -v apparmor_parser >/dev/null 2>&1; then
    apparmor_parser --remove '/etc/apparmor.d/${executable}' >/dev/null 2>&1 || true
  fi
  rm -f '/etc/apparmor.d/${executable}'
fi
exit 0
