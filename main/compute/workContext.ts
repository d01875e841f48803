import type { ReportProgress } from '../jobs/progress.ts';
import type { PieceAnswer, PieceAsked, PieceName, Update } from './pieces.ts';

/** What a piece of work is given beside what was asked. */
export interface WorkContext {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
  readonly tell: (update: Update) => void;
}

export type Worker<Name extends PieceName> = (
  ask: PieceAsked<Name>,
  context: WorkContext,
) => Promise<PieceAnswer<Name>>;
