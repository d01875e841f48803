import { sfumato } from './sfumato.ts';

await sfumato(process.argv.slice(2));
