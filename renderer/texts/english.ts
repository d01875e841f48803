import { editor, exporting } from './editor.ts';
import { jobs } from './jobs.ts';
import { library } from './library.ts';
import { segment } from './segment.ts';
import { settings } from './settings.ts';
import { training } from './training.ts';
import { viewer } from './viewer.ts';

/** Every word that the interface says. A translation is another object of this type. */
export const texts = {
  product: 'Sfumato',
  navigation: 'Screens',
  screens: { library: 'Library', viewer: 'Viewer', jobs: 'Jobs', training: 'Training', settings: 'Settings' },
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  close: 'Close',
  bug: {
    what: 'The interface met an error of its own',
    remedy: 'Your work is saved. Reload the window, and report this if it comes again.',
  },
  library,
  viewer,
  segment,
  editor,
  exporting,
  jobs,
  training,
  settings,
};
