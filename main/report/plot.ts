import type { Interval } from '../../ml/evaluation/bootstrap.ts';
import type { ReliabilityBin } from '../../ml/uncertainty/calibration.ts';
import { html, type Markup } from './html.ts';

export interface Strip {
  readonly name: string;
  readonly values: readonly number[];
  readonly mean: number;
  readonly interval: Interval | undefined;
}

const labelWidth = 150;
const plotWidth = 560;
const rowHeight = 40;

/** One row a structure: a dot a case, a tick at the mean, a bar over its 95 % interval. For values in [0, 1]; the scale runs from `from` to `to`. */
export function stripPlot(strips: readonly Strip[], from: number, to: number): Markup {
  const height = strips.length * rowHeight + 30;
  const x = (value: number) => round(labelWidth + ((value - from) / (to - from)) * plotWidth);
  const step = to - from > 0.4 ? 0.1 : 0.05;
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + step * index);
  const bottom = height - 30;
  return html`<svg
    role="img"
    aria-label="Values of each case by structure"
    viewBox="0 0 ${labelWidth + plotWidth + 20} ${height}"
    width="${labelWidth + plotWidth + 20}"
  >
    ${ticks.map((tick) => html`<line x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${bottom}" stroke="var(--line)" /><text x="${x(tick)}" y="${bottom + 18}" text-anchor="middle">${tick.toFixed(2)}</text>`)}
    ${strips.map((strip, row) => stripRow(strip, (row + 0.5) * rowHeight, x))}
  </svg>`;
}

function stripRow({ name, values, mean, interval }: Strip, y: number, x: (value: number) => number): Markup {
  // Spread by golden ratio steps: dots of like cases stay apart, the same way in every run.
  const dots = values.map((value, index) => {
    const offset = ((index * 0.618) % 1) * 16 - 8;
    return html`<circle cx="${x(value)}" cy="${round(y + offset)}" r="2.5" fill="var(--accent)" fill-opacity="0.55" />`;
  });
  const bar =
    interval === undefined
      ? []
      : [
          html`<line
            x1="${x(interval.low)}"
            x2="${x(interval.high)}"
            y1="${y}"
            y2="${y}"
            stroke="var(--ink)"
            stroke-width="3"
          />`,
        ];
  return html`<text x="${labelWidth - 12}" y="${y + 4}" text-anchor="end">${name}</text>${dots}${bar}<line
      x1="${x(mean)}"
      x2="${x(mean)}"
      y1="${y - 11}"
      y2="${y + 11}"
      stroke="var(--ink)"
      stroke-width="2"
    /> `;
}

const side = 300;
const left = 44;

/** Accuracy against confidence; the bars of a calibrated model end on the diagonal. Bars fade where few voxels stand behind them. */
export function reliabilityDiagram(bins: readonly ReliabilityBin[]): Markup {
  const largest = Math.max(1, ...bins.map(({ count }) => count));
  const width = side / bins.length;
  const bars = bins.flatMap(({ count, correct }, index) => {
    if (count === 0) return [];
    const height = (correct / count) * side;
    const opacity = 0.25 + 0.75 * Math.sqrt(count / largest);
    return [
      html`<rect
        x="${round(left + index * width + 1)}"
        y="${round(10 + side - height)}"
        width="${round(width - 2)}"
        height="${round(height)}"
        fill="var(--accent)"
        fill-opacity="${round(opacity)}"
      />`,
    ];
  });
  return html`<svg
    role="img"
    aria-label="Reliability diagram"
    viewBox="0 0 ${left + side + 16} ${side + 50}"
    width="${left + side + 16}"
  >
    <rect x="${left}" y="10" width="${side}" height="${side}" fill="none" stroke="var(--line)" />
    ${bars}
    <line x1="${left}" y1="${side + 10}" x2="${left + side}" y2="10" stroke="var(--second)" stroke-dasharray="4 4" />
    <text x="${left}" y="${side + 26}" text-anchor="middle">0</text>
    <text x="${left + side}" y="${side + 26}" text-anchor="middle">1</text>
    <text x="${left + side / 2}" y="${side + 42}" text-anchor="middle">probability of the chosen class</text>
    <text x="${left - 8}" y="20" text-anchor="end">1</text>
    <text x="14" y="${10 + side / 2}" text-anchor="middle" transform="rotate(-90 14 ${10 + side / 2})">
      part that is right
    </text>
  </svg>`;
}

const round = (value: number) => Math.round(value * 100) / 100;
