import { meshSpace, MeshMeasure, redGreenBlue, type MeshFormat } from './meshFormat.ts';
import type { Surface } from './surface.ts';

/** Wavefront OBJ with an object a structure, and their colours in an MTL beside it. */
export const obj: MeshFormat = {
  title: 'OBJ (.obj with .mtl)',
  extension: '.obj',
  loses: [],

  *encode(surfaces, stem) {
    yield Buffer.from(`# ${meshSpace}\nmtllib ${stem}.mtl\n`);
    let first = 1;
    for (const [n, { positions, triangles, ...surface }] of surfaces.entries()) {
      yield Buffer.from(`o ${wordOf(surface)}\nusemtl ${materialOf(n)}\n`);
      yield* linesOf('v', positions, decimal);
      yield* linesOf('f', triangles, (vertex) => String(first + vertex));
      first += positions.length / 3;
    }
  },

  companion: {
    extension: '.mtl',
    encode: (surfaces) =>
      Buffer.from(
        surfaces
          .map(({ colour }, n) => {
            const parts = redGreenBlue(colour).map((part) => (part / 255).toFixed(6));
            return `newmtl ${materialOf(n)}\nKa 0 0 0\nKd ${parts.join(' ')}\nKs 0 0 0\nd 1\nillum 1\n`;
          })
          .join('\n'),
      ),
  },

  measure(bytes) {
    const vertices: number[] = [];
    const measure = new MeshMeasure();
    let count = 0;
    for (const line of linesIn(bytes)) {
      const [kind, ...parts] = line.split(' ');
      if (kind === 'v') vertices.push(...parts.map((part) => Math.fround(Number(part))));
      if (kind !== 'f') continue;
      count++;
      for (const part of parts) {
        const at = 3 * (Number(part) - 1);
        if (!(at + 2 < vertices.length)) return undefined;
        measure.add(vertices[at]!, vertices[at + 1]!, vertices[at + 2]!);
      }
    }
    return measure.facts(count);
  },
};

/** Nine digits are enough to tell every single-precision number. */
const decimal = (value: number) => String(Number(value.toPrecision(9)));

/** One word: what stands behind a blank, many readers take for another name. */
const wordOf = ({ value, name }: Pick<Surface, 'value' | 'name'>) => `${value}_${name.replaceAll(/[\s#\\]+/g, '_')}`;

const materialOf = (n: number) => `structure_${n + 1}`;

/** Lines of three numbers, some thousands a part. */
function* linesOf(
  kind: string,
  numbers: Float32Array | Uint32Array,
  text: (value: number) => string,
): Generator<Uint8Array, void> {
  const step = 3 * 10_000;
  for (let at = 0; at < numbers.length; at += step) {
    let lines = '';
    for (let n = at; n < Math.min(at + step, numbers.length); n += 3)
      lines += `${kind} ${text(numbers[n]!)} ${text(numbers[n + 1]!)} ${text(numbers[n + 2]!)}\n`;
    yield Buffer.from(lines);
  }
}

/** One by one: a large file is longer than a string may be. */
function* linesIn(bytes: Buffer): Generator<string, void> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    yield bytes.toString('utf8', at, end < 0 ? bytes.length : end);
    at = end < 0 ? bytes.length : end + 1;
  }
}
