import { Problem } from '../../check/problem.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';

/**
 * The share of the learning rate that each parameter takes: `decay` to the power of its layer's distance from the last one (Howard and Ruder
 * 2018, section 3.2), 0 where its name begins with one of `frozen`.
 *
 * @param specs In the order of first use, from the input to the output.
 * @throws Problem 'usage' where a part does not exist, or nothing is left to learn.
 */
export function layerScales(
  specs: readonly ParameterSpec[],
  decay: number,
  frozen: readonly string[],
): ReadonlyMap<string, number> {
  const layers = [...new Set(specs.map(({ name }) => layerOf(name)))];
  const isIn = (name: string, part: string): boolean => name === part || name.startsWith(`${part}.`);
  const unknown = frozen.find((part) => !specs.some(({ name }) => isIn(name, part)));
  if (unknown !== undefined || specs.every(({ name }) => frozen.some((part) => isIn(name, part)))) {
    const what = unknown === undefined ? 'nothing is left to learn' : `the network has no part ${unknown}`;
    throw new Problem('usage', what, '--set freeze', `Name some of ${layers.join(', ')}, with commas between them.`);
  }
  return new Map(
    specs.map(({ name }) => {
      const isFrozen = frozen.some((part) => isIn(name, part));
      return [name, isFrozen ? 0 : decay ** (layers.length - 1 - layers.indexOf(layerOf(name)))];
    }),
  );
}

/** `encoder.1` of `encoder.1.0.conv1.weight`, `head` of `head.bias`. */
const layerOf = (name: string): string => /^[a-z]+(\.\d+)?/.exec(name)?.[0] ?? name;
