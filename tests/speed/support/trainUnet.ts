import { createInterface } from 'node:readline';
import { z } from 'zod';
import { benchUnet } from './ours.ts';

// Our side of `train-memory`: a fresh process that trains as many steps as a line of its input says, answers, and waits.
const request = z.object({ dimensions: z.literal([2, 3]), steps: z.int().positive() });

for await (const line of createInterface(process.stdin)) {
  const { dimensions, steps } = request.parse(JSON.parse(line));
  const unet = await benchUnet(dimensions, 'train');
  for (let step = 0; step < steps; step++) await unet.step();
  process.stdout.write(`${JSON.stringify({ steps })}\n`);
  await unet.dispose();
}
