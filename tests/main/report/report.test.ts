import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreCase } from '../../../ml/evaluation/caseScores.ts';
import { compareCases, summariseCases } from '../../../ml/evaluation/caseSummary.ts';
import { summariseSmall } from '../../../ml/evaluation/smallObjects.ts';
import { stream } from '../../../ml/random/stream.ts';
import type { EvaluatedCase, Evaluation } from '../../../main/report/evaluation.ts';
import { evaluationFiles } from '../../../main/report/evaluationFiles.ts';
import { html } from '../../../main/report/html.ts';
import { segmentPage } from '../../../main/report/segmentPage.ts';
import { gridOf } from '../../ml/evaluation/maskPairs.ts';

const grid = gridOf([6, 5, 4], [1, 1, 2]);
const structures = [
  { value: 1, name: 'Liver <left>' },
  { value: 2, name: 'absent' },
];

/** A mask of `wide` columns scored against one of three. */
function oneCase(name: string, wide: number, group = name): EvaluatedCase {
  const mask = (width: number) => Uint8Array.from({ length: 120 }, (_, v) => (v % 6 < width ? 1 : 0));
  const scores = scoreCase(mask(wide), mask(3), grid, structures, 1);
  return { case: name, group, structures: scores, seconds: wide / 4, seen: wide === 0 ? true : undefined };
}

const cases = [oneCase('good', 3), oneCase('"worst", really', 1), oneCase('=SUM(A1)', 2), oneCase('none', 0)];
const others = [oneCase('good', 2), oneCase('none', 1)];
const evaluation: Evaluation = {
  title: 'Test <people>',
  model: 'ours',
  madeBy: undefined,
  distanceUnit: 'mm',
  tolerance: 1,
  cases,
  summary: summariseCases(cases, stream(1)),
  seconds: undefined,
  comparison: {
    model: 'theirs & co',
    madeBy: undefined,
    cases: others,
    summary: summariseCases(others, stream(1)),
    seconds: undefined,
    structures: compareCases(cases, others, stream(2)),
  },
  calibration: {
    error: 0.1,
    bins: Array.from({ length: 15 }, (_, n) => ({ count: n, confidenceSum: n * 0.9, correct: n / 2 })),
  },
  small: summariseSmall(cases, stream(3)),
  pictures: [{ case: '"worst", really', png: Uint8Array.of(1, 2, 3) }],
  warnings: ['One case was left out.'],
};
const files = evaluationFiles(evaluation);

describe('summariseCases', () => {
  it('summarises every structure and their mean, counting missing distances', () => {
    const [liver, absent, mean] = evaluation.summary;
    expect(evaluation.summary.map(({ structure }) => structure)).toEqual(['Liver <left>', 'absent', 'mean']);
    expect(liver!.metrics.dice).toMatchObject({ count: 4, missing: 0, mean: (1 + 0.5 + 0.8 + 0) / 4 });
    expect(liver!.metrics.hausdorff95).toMatchObject({ count: 3, missing: 1 });
    expect(absent!.metrics.dice).toMatchObject({ mean: 1, standardDeviation: 0 });
    expect(mean!.metrics.dice!.mean).toBeCloseTo((liver!.metrics.dice!.mean + 1) / 2, 12);
  });

  it('compares on the cases that both models have', () => {
    const [liver] = evaluation.comparison!.structures;
    expect(liver!.metrics.dice).toMatchObject({ count: 2, missing: 0 });
    expect(liver!.metrics.dice!.meanDifference).toBeCloseTo((1 - 0.8 + 0 - 0.5) / 2, 12);
  });
});

describe('metrics.json', () => {
  it('holds every case and its mean, with null for what is missing', () => {
    const document = JSON.parse(files['metrics.json']) as {
      schema: number;
      cases: { case: string; mean: Record<string, number | null>; structures: Record<string, unknown>[] }[];
    };
    expect(document.schema).toBe(1);
    expect(document.cases.map((one) => one.case)).toEqual(cases.map((one) => one.case));
    expect(document.cases[3]!.structures[0]).toMatchObject({ dice: 0, hausdorff95: null });
    expect(document.cases[0]!.mean['dice']).toBe(1);
  });
});

describe('metrics.csv', () => {
  const lines = files['metrics.csv'].split('\r\n');

  it('has a line a case and structure, with empty fields for what is missing', () => {
    expect(lines).toHaveLength(1 + 4 * 2 + 1);
    expect(lines[0]).toBe(
      'case,group,value,structure,predictedVoxels,referenceVoxels,dice,iou,precision,recall,accuracy,hausdorff95,averageSurfaceDistance,surfaceDice,seconds,seen',
    );
    expect(lines[7]).toBe('none,none,1,Liver <left>,0,60,0,0,0,0,0.5,,,0,0,true');
  });

  it('quotes what needs it, and keeps a spreadsheet from running a name', () => {
    expect(lines[3]).toMatch(/^"""worst"", really","""worst"", really",1,/);
    expect(lines[5]).toMatch(/^'=SUM\(A1\),/);
  });
});

describe('report.html', () => {
  const text = files['report.html'];

  it('escapes every name and loads nothing from outside', () => {
    expect(text).toContain('Test &lt;people&gt;');
    expect(text).toContain('Liver &lt;left&gt;');
    expect(text).toContain('theirs &amp; co');
    expect(text).not.toMatch(/<script|https?:|src=(?!"data:)|href=/);
  });

  it('shows the worst cases first', () => {
    const table = text.slice(text.indexOf('the worst first'));
    const places = ['none', '&quot;worst&quot;, really', '=SUM(A1)', 'good'].map((name) => table.indexOf(`>${name}<`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
  });

  it('shows pictures of the worst cases, which the numbers for machines do without', () => {
    expect(files['report.html']).toContain('src="data:image/png;base64,AQID"');
    expect(files['report.html']).toContain('Slices of &quot;worst&quot;, really with');
    expect(files['metrics.json']).not.toContain('png');
  });

  it('says how it is where structures are small', () => {
    expect(files['report.html']).toContain('Liver &lt;left&gt;, up to 60 voxels');
  });

  it('says once that it is not for clinical use', () => {
    expect(text.match(/Not for clinical use/g)).toHaveLength(1);
  });

  it('draws plots without a number that is none', () => {
    expect(text.match(/<svg/g)).toHaveLength(2);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('stands for one case alone', () => {
    const { title, model, madeBy, seconds, distanceUnit, tolerance, warnings } = evaluation;
    const one = cases.slice(3);
    const alone = evaluationFiles({
      title,
      model,
      madeBy,
      seconds,
      distanceUnit,
      tolerance,
      warnings,
      cases: one,
      summary: summariseCases(one, stream(1)),
    });
    expect(alone['report.html']).toContain('no interval');
    expect(alone['report.html']).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('segmentPage', () => {
  const segmentation = {
    case: 'scan <1>',
    structures: [
      {
        name: 'Anterior',
        colour: [255, 176, 0] as const,
        voxels: 1500,
        volume: 1.5,
        range: { unit: 'mL' as const, median: 1.49, low: 1.4, high: 1.6, range: 'range of 8 samples' },
        meanEntropyBits: undefined,
      },
    ],
    slicesToReview: [{ axis: 'k' as const, index: 12, score: 34.56 }],
    settings: [['Method', 'diffusion & co']] as const,
    warnings: ['Too <small>'],
    montage: Uint8Array.of(1, 2, 3),
  };

  it('shows structures with their range, slices, settings, warnings and the picture', () => {
    const text = segmentPage(segmentation);
    for (const part of [
      '1.50 mL',
      '1.40 mL',
      'range of 8 samples',
      'k = 12',
      '34.6',
      'diffusion &amp; co',
      'Too &lt;small&gt;',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('src="data:image/png;base64,AQID"');
    expect(text.match(/Not for clinical use/g)).toHaveLength(1);
  });

  it('counts voxels where the file knows no size', () => {
    const range = { ...segmentation.structures[0]!.range, unit: 'voxel' as const, median: 1490 };
    const text = segmentPage({
      ...segmentation,
      structures: [{ ...segmentation.structures[0]!, volume: 1500, range }],
    });
    expect(text).toContain('1490 voxels');
    expect(text).not.toContain('mL');
  });

  it('says so where no slice is uncertain', () => {
    expect(segmentPage({ ...segmentation, slicesToReview: [] })).toContain('No slice is uncertain');
  });
});

describe('html', () => {
  it('lets no text become markup, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`<b title="${text}">${text}</b>`.text.match(/[<>"]/g)).toHaveLength(6);
      }),
    );
  });
});
