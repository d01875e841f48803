import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listElements } from '../../../../main/imaging/dicom/listElements.ts';
import { readDicomObject } from '../../../../main/imaging/dicom/object.ts';
import { openImages } from '../../../../main/imaging/image.ts';
import { dicomFile } from '../../../support/dicomFile.ts';
import { runPython } from '../../../support/python.ts';

const folder = join(import.meta.dirname, '../../../data/dicom-series');
const enhanced = join(folder, 'ct-ge-enhanced.dcm');

it.each([
  ['explicit', enhanced],
  ['implicit', join(import.meta.dirname, '../../../data/dicom/small/MR_small_implicit.dcm')],
])('lists the elements that pydicom does, in its order, those of items too, where VRs are %s', async (_, path) => {
  const rows = await listElements(await readDicomObject(path, { pixels: false }));
  const expected = await runPython<[string, string, number][]>(
    `
import sys, json, pydicom
rows = []
def walk(dataset, depth):
    for element in dataset:
        if element.tag.group >= 0x7fe0: continue
        rows.append(['(%04x,%04x)' % (element.tag.group, element.tag.element), element.VR, depth])
        if element.VR == 'SQ':
            for item in element.value: walk(item, depth + 1)
walk(pydicom.dcmread(sys.argv[1], stop_before_pixels=True), 0)
print(json.dumps(rows))`,
    [path],
  );
  expect(rows.map(({ tag, type, depth }) => [tag, type, depth])).toEqual(expected);
});

it('lists values, of items too', async () => {
  const rows = await listElements(await readDicomObject(enhanced, { pixels: false }));
  expect(Math.max(...rows.map(({ depth }) => depth))).toBeGreaterThan(1);
  expect(rows.find(({ name }) => name === 'Modality')).toEqual({
    tag: '(0008,0060)',
    name: 'Modality',
    type: 'CS',
    value: 'CT',
    depth: 0,
  });
});

it('shows the text of elements that nobody knows, and of other bytes how many they are', async () => {
  const file = dicomFile({
    '00080060 UN': new Uint8Array(Buffer.from('MR')),
    '00280106 UN': Uint8Array.of(0xff, 0xff),
    '00280103 US': 1,
    '00191001 UN': new Uint8Array(Buffer.from('fast\\slow ')),
    '00191002 UN': Uint8Array.of(1, 0, 200, 7),
  });
  const object = await readDicomObject({ path: 'made', bytes: new Uint8Array(file) }, { pixels: false });
  const rows = (await listElements(object)).map(({ tag, type, value }) => [tag, type, value]);
  expect(rows).toEqual([
    ['(0008,0060)', 'CS', 'MR'],
    ['(0019,1001)', 'UN', 'fast\\slow'],
    ['(0019,1002)', 'UN', '4 bytes'],
    ['(0028,0103)', 'US', '1'],
    ['(0028,0106)', 'SS', '-1'],
  ]);
});

it('gives the elements of the volume that is chosen, and ends with a header that is cut off', async () => {
  const [source] = await openImages(join(folder, 'ct-ge-23x38'));
  const rows = await source!.elements!();
  expect(rows.find(({ name }) => name === 'Rows')).toMatchObject({ type: 'US', value: '38' });
  const bytes = await readFile(join(folder, 'ct-ge-23x38', 'IMG0001.dcm'));
  const cut = new Uint8Array(bytes.subarray(0, 600));
  const some = await listElements(await readDicomObject({ path: 'cut', bytes: cut }, { pixels: false }));
  expect(some.length).toBeGreaterThan(3);
  expect(some.length).toBeLessThan(rows.length);
});
