import type { Dataset } from '../dataset.ts';
import { tags } from '../tags.ts';
import { secondsOf, secondsOfDateTime } from './time.ts';

/** What turns the real values of a PET frame into SUV by body weight, or why nothing does. */
export type SuvFactor = { readonly factor: number; readonly how: string } | { readonly whyNot: string };

const philips = '70531000';
const philipsCreator = '70530010';

/** A dose of a PET scan is at least this many Bq; a smaller number is in other units than DICOM's. */
const leastDose = 1e5;

/**
 * SUVbw = activity concentration in Bq/mL * weight in g / dose in Bq at the time the image is corrected to (QIBA, SUV vendor-neutral
 * pseudo-code; PS3.3 C.8.9.1.1). `undefined` for what is no PET.
 */
export function readSuvFactor(root: Dataset): SuvFactor | undefined {
  if (root.text(tags.Modality) !== 'PT') return undefined;
  const units = root.text(tags.Units);
  if (units === 'GML') return gramsPerMillilitre(root);
  if (units === 'CNTS') return philipsFactor(root);
  if (units !== 'BQML') return { whyNot: units === undefined ? 'the unit is not named' : `the unit is ${units}` };
  const corrected = root.texts(tags.CorrectedImage);
  for (const [code, word] of corrections)
    if (!corrected.includes(code)) return { whyNot: `the image is not corrected for ${word}` };
  return fromDose(root);
}

const corrections = [
  ['ATTN', 'attenuation'],
  ['DECY', 'decay'],
] as const;

/** SUVType is BW where it is absent (PS3.3 C.8.9.1.1.3). */
function gramsPerMillilitre(root: Dataset): SuvFactor {
  const type = root.text(tags.SUVType) ?? 'BW';
  return type === 'BW' ? { factor: 1, how: 'as stored' } : { whyNot: `the file holds SUV of the kind ${type}` };
}

/** Philips PET Private Group, element 00: SUV a count (Philips conformance statements; QIBA). */
function philipsFactor(root: Dataset): SuvFactor {
  const factor = Number(root.text(philips));
  if (root.text(philipsCreator) === 'Philips PET Private Group' && factor > 0)
    return { factor, how: 'by the factor that the scanner wrote' };
  return { whyNot: 'the unit is counts and the file names no factor' };
}

function fromDose(root: Dataset): SuvFactor {
  const weight = root.number(tags.PatientWeight);
  if (weight === undefined || !(weight > 0)) return { whyNot: 'the body weight is not named' };
  const [drug, ...others] = root.items(tags.RadiopharmaceuticalInformationSequence);
  if (drug === undefined || others.length > 0) return { whyNot: 'not exactly one radiopharmaceutical is named' };
  const dose = drug.number(tags.RadionuclideTotalDose);
  if (dose === undefined || !(dose > 0)) return { whyNot: 'the dose is not named' };
  if (dose < leastDose) return { whyNot: `a dose of ${dose} Bq is too small to be true` };
  const decay = remaining(root, drug);
  if (typeof decay === 'string') return { whyNot: decay };
  const words = `${(dose / 1e6).toPrecision(4)} MBq injected, ${(decay * 100).toFixed(1)} % of it left, ${weight} kg`;
  return { factor: (weight * 1000) / (dose * decay), how: words };
}

/** The share of the dose that is left at the time the image is decay-corrected to, or why it is unknown. */
function remaining(root: Dataset, drug: Dataset): number | string {
  const correction = root.text(tags.DecayCorrection);
  if (correction === 'ADMIN') return 1;
  if (correction !== 'START') return 'the time of the decay correction is not named';
  const halfLife = drug.number(tags.RadionuclideHalfLife);
  if (halfLife === undefined || !(halfLife > 0)) return 'the half-life is not named';
  const started = secondsOf(root.text(tags.SeriesDate), root.text(tags.SeriesTime));
  const acquired = secondsOf(root.text(tags.AcquisitionDate), root.text(tags.AcquisitionTime));
  if (started === undefined) return 'the start of the scan is not named';
  // A series made afterwards bears the time of its making, which is not what the decay was corrected to. Times may be cut to seconds.
  if (acquired !== undefined && started >= acquired + 1)
    return 'the series is dated after its acquisition, so that the time of the decay correction is unknown';
  const injected = injection(root, drug);
  if (injected === undefined) return 'the time of the injection is not named';
  if (injected > started) return 'the injection is dated after the scan';
  return 2 ** (-(started - injected) / halfLife);
}

function injection(root: Dataset, drug: Dataset): number | undefined {
  return (
    secondsOfDateTime(drug.text(tags.RadiopharmaceuticalStartDateTime)) ??
    secondsOf(root.text(tags.SeriesDate), drug.text(tags.RadiopharmaceuticalStartTime))
  );
}
