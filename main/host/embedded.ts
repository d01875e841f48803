// What Electron's main process loads of the host; a build makes one file of it.

export { openHost } from './host.ts';
export { defaultWorkspace } from '../workspace/workspace.ts';
