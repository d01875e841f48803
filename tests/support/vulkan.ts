import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { SystemPart } from './debian.ts';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** A graphics card in software: the driver SwiftShader, which Debian's Chromium brings, and the loader that finds it. */
export const softwareVulkan: SystemPart = {
  name: 'a Vulkan driver in software',
  packages: ['chromium', 'libvulkan1'],
  size: '300 MB',
  isInstalled: async () => {
    const libraries = (
      await Promise.all(
        ['/usr/lib', `/usr/lib/${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-linux-gnu`].map((folder) =>
          readdir(folder).catch(() => []),
        ),
      )
    ).flat();
    return existsSync(DRIVER) && libraries.includes('libvulkan.so.1');
  },
};

/** What a process needs in its environment to compute on it. */
export const softwareVulkanEnvironment = { VK_ICD_FILENAMES: DRIVER, XDG_RUNTIME_DIR: '/tmp' };
