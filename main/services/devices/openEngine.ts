import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Device, Engine } from '../../../ml/engines/engine.ts';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';

/** The engine that this computer computes with. @throws Problem 'usage' where a device was named that does not work here. */
export const openEngine = (device: Device | 'auto', threads: number): Promise<Engine> =>
  openOnnxRuntime({ device, threads, absent: absentDevices() });

/** WebGPU reaches a Linux graphics card through Vulkan; of a missing loader or driver the runtime would write on the terminal. */
function absentDevices(): Partial<Record<Device, string>> {
  const loader = 'libvulkan.so.1';
  if (process.platform !== 'linux') return {};
  if (!isLoadable(loader)) return { webgpu: `needs the library ${loader}, which is not installed` };
  return hasVulkanDriver() ? {} : { webgpu: 'needs a Vulkan driver of the graphics card, and none is installed' };
}

/** Where the loader looks for drivers (Vulkan-Loader, LoaderDriverInterface.md, "Driver Discovery on Linux"), the usual places. */
function hasVulkanDriver({ VK_ICD_FILENAMES: older, VK_DRIVER_FILES: named, ...environment } = process.env): boolean {
  if (older ?? named) return true;
  const data = [environment['XDG_DATA_HOME'] ?? join(homedir(), '.local/share')];
  const shared = (environment['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share').split(':');
  return ['/etc', ...data, ...shared].some((folder) => {
    const drivers = join(folder, 'vulkan', 'icd.d');
    return existsSync(drivers) && readdirSync(drivers).some((name) => name.endsWith('.json'));
  });
}

/** Whether the system's linker finds a library. Every library that is no addon of Node is refused, but only once it is found. */
function isLoadable(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library);
    return true;
  } catch (error) {
    return !(error instanceof Error && error.message.includes('cannot open shared object file'));
  }
}
