/** electron-updater, loaded only where it is used: it is large, and no checkout needs it. */
import electronUpdater from 'electron-updater';

export const { autoUpdater } = electronUpdater;
