import { loadOurs, loadTheirs } from '../support/uiActs.ts';
import { uiComparison } from '../support/uiContest.ts';

/** From the choice of a volume to all of it in the window. */
export const comparison = uiComparison('ui-load', { ours: loadOurs, theirs: loadTheirs, loadsFirst: false });
