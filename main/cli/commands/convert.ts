import { z } from 'zod';
import { readImage } from '../../imaging/image.ts';
import { deidentifyFolder } from '../../imaging/dicom/deidentify/deidentifyFolder.ts';
import { writeImage, writerOf } from '../../imaging/write.ts';
import { type CommandContext, defineCommand, onCommandLine } from '../command.ts';
import { force, path } from '../options.ts';

const ask = z.object({
  input: onCommandLine(path(), { usage: '<in>', summary: 'an image, or PATH#N for the Nth of several' }),
  output: onCommandLine(path(), {
    usage: '<out>',
    summary: 'a file whose extension says the format, or a name without one for a folder of PNG slices',
  }),
  resample: onCommandLine(z.boolean().default(false), {
    usage: '--resample',
    summary: 'make a regular volume of slices that are tilted, missing or unevenly spaced',
  }),
  smoothing: onCommandLine(z.enum(['none', 'some']).default('some'), {
    usage: '--smoothing <smoothing>',
    summary: 'of the surfaces of a mesh: none or some',
  }),
  as: onCommandLine(z.enum(['seg', 'labelmap', 'fractional', 'rtstruct']).default('seg'), {
    usage: '--as <kind>',
    summary: 'of a .dcm: seg, labelmap, fractional (probabilities) or rtstruct',
  }),
  source: onCommandLine(path().optional(), {
    usage: '--source <series>',
    summary: 'of a .dcm: the DICOM series that was segmented',
  }),
  algorithm: onCommandLine(
    z
      .string()
      .regex(/^\S.* \S+$/, 'expected NAME VERSION')
      .transform((text) => ({
        name: text.slice(0, text.lastIndexOf(' ')),
        version: text.slice(text.lastIndexOf(' ') + 1),
      }))
      .optional(),
    { usage: '--algorithm <name version>', summary: 'of a .dcm: the program that drew it (default: a person)' },
  ),
  deidentify: onCommandLine(z.boolean().default(false), {
    usage: '--deidentify',
    summary: 'copy DICOM files into the folder <out> without identities (DICOM PS3.15 Basic Profile)',
  }),
  force,
});

/** What the command takes. */
type Ask = z.output<typeof ask>;

export const convert = defineCommand({
  name: 'convert',
  summary: 'write an image in another format: the same voxels at the same places',
  ask,
  run: async (ask, context) => (ask.deidentify ? runDeidentify(ask, context) : runConvert(ask, context)),
});

async function runConvert(ask: Ask, { reporter, signal }: CommandContext): Promise<void> {
  writerOf(ask.output);
  const irregular = ask.resample ? 'resample' : 'refuse';
  const image = await readImage(ask.input, { signal, report: reporter.progress, irregular });
  signal.throwIfAborted();
  const existing = ask.force ? 'replace' : 'refuse';
  const { smoothing, as, source, algorithm } = ask;
  const lost = await writeImage(ask.output, image, { existing, smoothing, dicom: { as, source, algorithm }, signal });
  const warnings = [...image.warnings, ...lost];
  for (const warning of warnings) reporter.warn(warning);
  reporter.result({ path: ask.output, warnings }, ask.output);
}

async function runDeidentify(
  { input, output, force: isForced }: Ask,
  { reporter, signal }: CommandContext,
): Promise<void> {
  const existing = isForced ? 'replace' : 'refuse';
  const made = await deidentifyFolder(input, output, { existing, signal, report: reporter.progress });
  for (const warning of made.warnings) reporter.warn(warning);
  const counts = `${made.files} files of ${made.series} series of ${made.patients} patients`;
  reporter.result({ path: output, ...made }, `${counts}\n${output}`);
}
