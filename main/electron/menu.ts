import { app, Menu, type MenuItemConstructorOptions } from 'electron';

interface MenuActions {
  readonly open: (what: 'images' | 'folder') => void;
}

/** The native menu: what the system gives by itself, and opening. */
export function showMenu({ open }: MenuActions): void {
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      {
        label: 'Open files...',
        accelerator: 'CmdOrCtrl+O',
        click: () => {
          open('images');
        },
      },
      {
        label: 'Open folder...',
        accelerator: 'CmdOrCtrl+Shift+O',
        click: () => {
          open('folder');
        },
      },
      { role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] },
      { type: 'separator' },
      { role: process.platform === 'darwin' ? 'close' : 'quit' },
    ],
  };
  const own: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  app.setAboutPanelOptions({ applicationName: 'Sfumato', copyright: 'Apache-2.0. Not for clinical use.' });
  Menu.setApplicationMenu(Menu.buildFromTemplate([...own, file, { role: 'editMenu' }, view, { role: 'windowMenu' }]));
}
