// The process that reads images and runs models. It does what it is told and ends when whoever started it is gone.

import { Problem } from '../../ml/check/problem.ts';
import { toFailure } from '../product/failure.ts';
import { parentPort } from './parentPort.ts';
import { orderSchema, type Report } from './messages.ts';
import { pieceChecks, type PieceAnswer, type PieceName, type Update } from './pieces.ts';
import type { WorkContext } from './workContext.ts';
import { workers } from './workers.ts';

const port = parentPort();
const running = new Map<number, AbortController>();

const say = (report: Report): void => {
  port.send(report);
};

async function work<Name extends PieceName>(
  piece: Name,
  ask: unknown,
  context: WorkContext,
): Promise<PieceAnswer<Name>> {
  return workers[piece](pieceChecks[piece].ask.parse(ask), context);
}

async function begin(id: number, piece: PieceName, ask: unknown): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const { signal } = controller;
  const tell = (update: Update): void => {
    say({ kind: 'update', id, update });
  };
  try {
    say({ kind: 'done', id, answer: await work(piece, ask, { signal, tell, report: throttled(tell) }) });
  } catch (error) {
    say({ kind: 'failed', id, problem: toFailure(error, signal, []) });
  } finally {
    running.delete(id);
  }
}

/** A few times a second, and the last step. */
function throttled(tell: (update: Update) => void): WorkContext['report'] {
  let next = 0;
  return (progress) => {
    const now = performance.now();
    if (now < next && progress.done < progress.total) return;
    next = now + 150;
    tell({ kind: 'progress', progress });
  };
}

port.onMessage((message) => {
  const order = orderSchema.parse(message);
  if (order.kind === 'do') void begin(order.id, order.piece, order.ask);
  else
    running.get(order.id)?.abort(new Problem('cancelled', 'stopped', 'job', 'Start it again where you still want it.'));
});
