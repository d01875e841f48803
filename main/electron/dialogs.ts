import { dialog, type BrowserWindow } from 'electron';
import type { Answer, Asked } from '../contract/calls.ts';

/** The system's own dialogs, over the window. */
export async function chooseFiles(
  window: BrowserWindow,
  { what, title, name }: Asked<'files:choose'>,
): Promise<Answer<'files:choose'>> {
  if (what === 'save') {
    const { canceled, filePath } = await dialog.showSaveDialog(window, { title, defaultPath: name });
    return { native: true, paths: canceled ? [] : [filePath] };
  }
  const properties = what === 'folder' ? (['openDirectory'] as const) : (['openFile', 'multiSelections'] as const);
  const { filePaths } = await dialog.showOpenDialog(window, { title, properties: [...properties] });
  return { native: true, paths: filePaths };
}
