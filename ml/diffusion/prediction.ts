/** What a diffusion network can be trained to answer: the mask without noise, as class scores, or the noise in it. */
export const predictionNames = ['xStart', 'noise'] as const;

export type PredictionName = (typeof predictionNames)[number];
