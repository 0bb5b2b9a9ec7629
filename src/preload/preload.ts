/** The only thing that crosses into a page: calls by name, and events. Main checks every one of them. */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { WindowBridge, WindowEvent } from '../ipc/window.ts';
import { CHANNELS } from '../ipc/window-names.ts';

const bridge: WindowBridge = {
  ask: (name, params) => ipcRenderer.invoke(CHANNELS.ask, name, params),
  engine: (method, params) => ipcRenderer.invoke(CHANNELS.engine, method, params),
  onEvent: (listener) => {
    const hear = (_event: IpcRendererEvent, event: WindowEvent): void => listener(event);
    ipcRenderer.on(CHANNELS.event, hear);
    return () => {
      ipcRenderer.removeListener(CHANNELS.event, hear);
    };
  },
};

contextBridge.exposeInMainWorld('tidemark', bridge);
