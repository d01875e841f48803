// ONNX Runtime 1.30 gathers usage data, with a number for the device, in a database of the user's cache folder, to be sent to its makers.
// It asks this variable before its first session, so the file that imports the runtime imports this one first.
declare const process: { readonly env: Record<string, string> };
process.env['ORT_DISABLE_TELEMETRY'] = '1';
export {};
