// What Electron's main process loads of the host; a build makes one file of it.

export { openHost } from './host.ts';
export { defaultWorkspace } from '../services/workspace/workspace.ts';
