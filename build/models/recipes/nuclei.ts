import { commonSettings, type Recipe } from '../recipe.ts';

export const nuclei: Recipe = {
  name: 'nuclei',
  version: '1.0.0',
  task: 'Segments the nuclei of cells in microscopy pictures, fluorescent or stained.',
  licence: 'CC0 1.0',
  modality: 'SM',
  channels: [{ name: 'microscopy' }],
  labels: [
    { value: 0, name: 'background', colour: '#000000', code: null },
    { value: 255, name: 'nucleus', colour: '#56b4e9', code: null },
  ],
  steps: 2000,
  settings: [...commonSettings, 'patch=256x256', 'mirror=ji', 'validations=10', 'validationCases=24'],
  dataset: {
    name: '2018 Data Science Bowl, stage 1',
    licence: 'CC0 1.0',
    credit: 'Broad Institute; Caicedo et al. 2019, Nature Methods 16:1247-1253',
  },
  input: 'one microscopy picture, grey or coloured, of 256 to 700 pixels along each side',
  limits: [
    'It finds which pixels belong to nuclei, not which nucleus they belong to: touching nuclei stay together.',
    'Trained on 65 pictures; kinds of staining that are rare among them may fail without a sign.',
  ],
};
