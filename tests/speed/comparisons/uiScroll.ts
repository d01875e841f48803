import { scrollOurs, scrollTheirs } from '../support/uiActs.ts';
import { uiComparison } from '../support/uiContest.ts';

/** From a turn of the wheel to the next slice on the screen. */
export const comparison = uiComparison('ui-scroll', { ours: scrollOurs, theirs: scrollTheirs, loadsFirst: true });
