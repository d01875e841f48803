import { commonSettings, type Recipe } from '../recipe.ts';

export const retinaVessels: Recipe = {
  name: 'retina-vessels',
  version: '1.0.0',
  task: 'Segments the blood vessels in colour photographs of the retina.',
  licence: 'CC BY 4.0',
  modality: 'OP',
  channels: [{ name: 'fundus photograph' }],
  labels: [
    { value: 0, name: 'background', colour: '#000000', code: null },
    { value: 255, name: 'blood vessel', colour: '#e69f00', code: null },
  ],
  steps: 1500,
  settings: [...commonSettings, 'patch=256x256', 'mirror=ji', 'validations=10', 'validationCases=24'],
  dataset: {
    name: 'CHASE_DB1',
    licence: 'CC BY 4.0',
    credit: 'Kingston University; Fraz et al. 2012, IEEE TBME 59(9):2538-2548',
  },
  input: 'one colour photograph of the back of the eye, about 1000 x 960 pixels',
  limits: [
    'Trained on six photographs of three children, one camera; scored against the second observer on two photographs of one child.',
    'Vessels of one pixel are often missed.',
  ],
};
