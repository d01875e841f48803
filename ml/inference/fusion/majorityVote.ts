/**
 * The class that most samples have at each voxel; among classes of as many votes, the one of the largest mean probability.
 *
 * @param samples     Class indices `[k, j, i]`.
 * @param probability Float32Array [classes, k, j, i], mean over the samples.
 */
export function majorityVote(samples: readonly Uint8Array[], probability: Float32Array, classes: number): Uint8Array {
  const voxels = probability.length / classes;
  const result = new Uint8Array(voxels);
  const votes = new Uint32Array(classes);
  for (let v = 0; v < voxels; v++) {
    votes.fill(0);
    for (const sample of samples) votes[sample[v]!]!++;
    let best = 0;
    for (let c = 1; c < classes; c++) {
      const isLikelier = probability[c * voxels + v]! > probability[best * voxels + v]!;
      if (votes[c]! > votes[best]! || (isLikelier && votes[best] === votes[c])) best = c;
    }
    result[v] = best;
  }
  return result;
}
