import type { Rng } from '../../random/rng.ts';
import type { Vector3 } from '../../volume/grid.ts';
import { blur, everyAxis, lowerResolution, type Axes } from './blur.ts';
import type { Augmentation } from './settings.ts';

/**
 * Varies the intensities of one channel of a patch in place, in nnU-Net's order.
 *
 * @param image Float32Array [k, j, i], normalised.
 */
export function varyIntensity(
  image: Float32Array,
  shape: Vector3,
  settings: Augmentation,
  rng: Rng,
  axes: Axes = everyAxis,
): void {
  const happens = ({ probability }: { readonly probability: number }) => rng.uniform() < probability;
  const within = ([low, high]: readonly [number, number]) => low + rng.uniform() * (high - low);
  const { noise, blur: smoothing, brightness, contrast, lowResolution, gamma } = settings;
  if (happens(noise)) addNoise(image, Math.sqrt(within(noise.variance)), rng);
  if (happens(smoothing)) blur(image, shape, within(smoothing.deviation), axes);
  if (happens(brightness)) scaleAbout(image, 0, within(brightness.factor), -Infinity, Infinity);
  if (happens(contrast)) {
    const { mean, low, high } = describe(image);
    scaleAbout(image, mean, within(contrast.factor), low, high);
  }
  if (happens(lowResolution)) lowerResolution(image, shape, within(lowResolution.fraction), axes);
  if (happens(gamma)) applyGamma(image, within(gamma.exponent));
}

function addNoise(image: Float32Array, deviation: number, rng: Rng): void {
  for (let v = 0; v < image.length; v++) image[v]! += deviation * rng.normal();
}

function scaleAbout(image: Float32Array, centre: number, factor: number, low: number, high: number): void {
  for (let v = 0; v < image.length; v++) {
    image[v] = Math.min(Math.max(centre + factor * (image[v]! - centre), low), high);
  }
}

/** The range is scaled to [0, 1] and raised to the exponent; mean and deviation are then what they were. */
export function applyGamma(image: Float32Array, exponent: number): void {
  const before = describe(image);
  const range = before.high - before.low;
  if (range === 0) return;
  for (let v = 0; v < image.length; v++) image[v] = Math.pow((image[v]! - before.low) / range, exponent);
  const after = describe(image);
  const factor = before.deviation / Math.max(after.deviation, 1e-8);
  for (let v = 0; v < image.length; v++) image[v] = before.mean + factor * (image[v]! - after.mean);
}

function describe(image: Float32Array): { mean: number; deviation: number; low: number; high: number } {
  let [sum, squares, low, high] = [0, 0, Infinity, -Infinity];
  for (const value of image) {
    sum += value;
    squares += value * value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const mean = sum / image.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / image.length - mean * mean)), low, high };
}
