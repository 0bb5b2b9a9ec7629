import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS } from '../../src/ipc/window.ts';

contextBridge.exposeInMainWorld('tidemark', {
  ask: (name: string, params: unknown) => ipcRenderer.invoke(CHANNELS.ask, name, params),
  engine: (method: string, params: unknown) => ipcRenderer.invoke(CHANNELS.engine, method, params),
  onEvent: (listener: (event: unknown) => void) => {
    const heard = (_: unknown, event: unknown) => listener(event);
    ipcRenderer.on(CHANNELS.event, heard);
    return () => ipcRenderer.off(CHANNELS.event, heard);
  },
});
