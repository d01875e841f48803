import { quantile } from '../../../ml/statistics/quantile.ts';
import { type CaseFacts, standardised, thumbnailSide } from './facts.ts';
import type { Finding } from './finding.ts';

type Axis = 0 | 1 | 2;

const axes = [
  { axis: 0, name: 'left and right' },
  { axis: 1, name: 'front and back' },
  { axis: 2, name: 'top and bottom' },
] as const;

/** Fewer cases have no common side. */
const fewestCases = 5;
/** Of the image: a structure whose centre usually lies nearer to the middle has no side. */
const clearOffset = 0.05;
/** Of the other cases: so many must agree on the side. */
const agreement = 0.8;
/** Difference of correlations: mirrored images that fit the others hardly better than as they are say nothing. */
const clearMargin = 0.1;

/**
 * Cases whose image, or whose labels, look mirrored against the others: structures whose centre lies on the other side of the image than in at
 * least four fifths of the other cases, and images that resemble the mean of the others more when mirrored. Both are suspicions: organs may
 * lie on the other side (situs inversus), a field of view may be shifted, and what is symmetric shows nothing.
 */
export function findFlips(cases: readonly CaseFacts[]): readonly Finding[] {
  if (cases.length < fewestCases) return [];
  return axes.flatMap(({ axis, name }) => {
    const images = mirroredImages(cases, axis);
    const labels = mirroredLabels(cases, axis);
    return cases.flatMap(({ id }, n): Finding[] => {
      const parts = [...(images[n] ? ['image'] : []), ...(labels[n] ? ['labels'] : [])];
      if (parts.length === 0) return [];
      const what = `${parts.join(' and ')} may have ${name} exchanged: compared with the other cases it looks mirrored`;
      const remedy =
        'Look at it beside another case; if it is mirrored, export it again. Anatomy may also really differ.';
      return [{ severity: 'warning', cases: [id], what, remedy }];
    });
  });
}

const median = (values: readonly number[]): number => quantile(Float64Array.from(values).sort(), 0.5);

function mirroredLabels(cases: readonly CaseFacts[], axis: Axis): readonly boolean[] {
  return cases.map((own) => {
    const verdicts = [...own.centres].flatMap(([value, centre]) => {
      const others = cases.flatMap((other) => (other === own ? [] : (other.centres.get(value)?.[axis] ?? [])));
      const usual = others.length + 1 < fewestCases ? 0 : median(others);
      if (Math.abs(usual) < clearOffset) return [];
      const agreeing = others.filter((offset) => Math.sign(offset) === Math.sign(usual)).length;
      if (agreeing < agreement * others.length) return [];
      return [Math.sign(centre[axis]) === -Math.sign(usual) && Math.abs(centre[axis]) >= Math.abs(usual) / 2];
    });
    return verdicts.length > 0 && verdicts.filter(Boolean).length * 2 > verdicts.length;
  });
}

function mirroredImages(cases: readonly CaseFacts[], axis: Axis): readonly boolean[] {
  const size = thumbnailSide ** 3;
  const sum = new Float64Array(size);
  for (const { thumbnail } of cases) thumbnail.forEach((value, n) => (sum[n]! += value));
  const margins = cases.map(({ thumbnail }) => {
    const others = standardised(sum.map((value, n) => value - thumbnail[n]!));
    const fit = (image: Float64Array) => image.reduce((total, value, n) => total + value * others[n]!, 0) / size;
    return fit(mirror(thumbnail, axis)) - fit(thumbnail);
  });
  if (median(margins) > -clearMargin) return cases.map(() => false);
  return margins.map((margin) => margin > clearMargin);
}

function mirror(image: Float64Array, axis: Axis): Float64Array {
  const stride = thumbnailSide ** axis;
  return image.map((_, n) => {
    const place = Math.floor(n / stride) % thumbnailSide;
    return image[n + (thumbnailSide - 1 - 2 * place) * stride]!;
  });
}
