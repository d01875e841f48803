// Node 20 gives threads no TypeScript of their own: where the sources run as they are, this loads the thread through tsx.
import { register } from 'tsx/esm/api';

register();
await import('./decodeThread.ts');
