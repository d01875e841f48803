import type { Device, Engine } from '../../../ml/engines/engine.ts';
import { openOnnxRuntime } from '../../../ml/engines/onnxruntime/engine.ts';

/** The engine that this computer computes with. @throws Problem 'usage' where a device was named that does not work here. */
export const openEngine = (device: Device | 'auto', threads: number): Promise<Engine> =>
  openOnnxRuntime({ device, threads, absent: absentDevices() });

/** WebGPU reaches a Linux graphics card through Vulkan; the runtime would write of a missing loader on the terminal. */
function absentDevices(): Partial<Record<Device, string>> {
  const loader = 'libvulkan.so.1';
  if (process.platform !== 'linux' || isLoadable(loader)) return {};
  return { webgpu: `needs the library ${loader}, which is not installed` };
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
