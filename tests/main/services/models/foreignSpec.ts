/** What `models export --onnx` leaves out of the tiny model. */
export const foreignSpec = {
  name: 'foreign',
  task: 'Two parts of a hippocampus.',
  licence: 'CC-BY-SA-4.0',
  modality: 'MR',
  channels: ['T1'],
  labels: [
    { value: 0, name: 'background' },
    { value: 1, name: 'anterior' },
    { value: 300, name: 'posterior' },
  ],
  patch: [16, 16, 16],
  spacing: [2, 2, 2],
  normalisation: [{ kind: 'zscore', over: 'image' }],
  activation: 'none',
  trainedOn: { name: 'Example', licence: 'CC-BY-SA-4.0', cases: 2 },
};
