import { defaultAugmentation } from '../../../../ml/data/augmentation/settings.ts';
import type { Augmentation } from '../../../../ml/data/augmentation/settings.ts';

/** Augmentation whose every probability is 0. */
export const noAugmentation: Augmentation = {
  rotation: { ...defaultAugmentation.rotation, probability: 0 },
  zoom: { ...defaultAugmentation.zoom, probability: 0 },
  shear: { ...defaultAugmentation.shear, probability: 0 },
  shift: { ...defaultAugmentation.shift, probability: 0 },
  mirror: [],
  gamma: { ...defaultAugmentation.gamma, probability: 0 },
  brightness: { ...defaultAugmentation.brightness, probability: 0 },
  contrast: { ...defaultAugmentation.contrast, probability: 0 },
  noise: { ...defaultAugmentation.noise, probability: 0 },
  blur: { ...defaultAugmentation.blur, probability: 0 },
  lowResolution: { ...defaultAugmentation.lowResolution, probability: 0 },
};
