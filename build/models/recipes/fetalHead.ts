import { commonSettings, type Recipe } from '../recipe.ts';

/** Pixels have no known size, and heads fill a large part of the picture: it is seen at 128 pixels across. */
export const fetalHead: Recipe = {
  name: 'fetal-head',
  version: '1.0.0',
  task: 'Segments the head of a fetus in its standard plane in an ultrasound picture.',
  licence: 'CC BY 4.0',
  modality: 'US',
  channels: [{ name: 'ultrasound' }],
  labels: [
    { value: 0, name: 'background', colour: '#000000', code: null },
    { value: 255, name: 'fetal head', colour: '#e69f00', code: null },
  ],
  steps: 1500,
  settings: [...commonSettings, 'spacing=6.25', 'mirror=ji', 'validations=10', 'validationCases=24'],
  dataset: {
    name: 'HC18',
    licence: 'CC BY 4.0',
    credit: 'Radboud University Medical Center; van den Heuvel et al. 2018, PLoS ONE 13(8):e0200412',
  },
  input: 'one ultrasound picture of about 800 x 540 pixels with the head in its standard plane',
  limits: [
    "Trained on 30 exams of one hospital; the youngest fetuses, whose heads are a tenth of the others' area, are rare among them and fail most.",
    'The reference is an ellipse drawn by a sonographer, not the outline of the skull.',
    'It does not tell whether the picture shows the standard plane.',
  ],
};
