import { commonSettings, type Recipe } from '../recipe.ts';

/** Images are cropped around the structure, so shifts are small; left and right hippocampi have one label, so patches are mirrored. */
export const hippocampus: Recipe = {
  name: 'hippocampus',
  version: '1.0.0',
  task: 'Segments the anterior and posterior hippocampus in T1-weighted MR that is cropped around one hippocampus.',
  licence: 'CC BY-SA 4.0',
  modality: 'MR',
  channels: [{ name: 'T1' }],
  labels: [
    { value: 0, name: 'background', colour: '#000000', code: null },
    { value: 1, name: 'anterior hippocampus', colour: '#e69f00', code: null },
    { value: 2, name: 'posterior hippocampus', colour: '#56b4e9', code: null },
  ],
  steps: 6000,
  settings: [...commonSettings, 'batchSize=2', 'shift=0.1', 'mirror=i', 'validations=15', 'validationCases=24'],
  dataset: {
    name: 'Medical Segmentation Decathlon, Task04 Hippocampus',
    licence: 'CC BY-SA 4.0',
    credit: 'Vanderbilt University Medical Center; Simpson et al. 2019, arXiv:1902.09063',
  },
  input:
    'one T1-weighted MR volume cropped around one hippocampus (31-43 x 40-59 x 24-47 voxels of 1 mm in training), any orientation',
  limits: [
    "Trained on one hospital's adults (healthy and with non-affective psychotic disorder) and one cropping; elsewhere it may fail without a sign.",
    'It finds one hippocampus in a crop, not both in a head.',
    'Its samples differ mostly along the boundary; a structure that is missed in every sample is not marked as uncertain.',
  ],
};
