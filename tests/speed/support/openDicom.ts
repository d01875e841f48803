import { createInterface } from 'node:readline';
import { z } from 'zod';
import { readImage } from '../../../main/imaging/image.ts';

// Our side of `dicom-memory`: a fresh process that opens the folder of each line of its input, answers, and waits.
const request = z.object({ folder: z.string() });

for await (const line of createInterface(process.stdin)) {
  const { volume } = await readImage(request.parse(JSON.parse(line)).folder);
  process.stdout.write(`${JSON.stringify({ shape: volume.grid.shape })}\n`);
}
