// The codecs come without types. What they share: Emscripten modules whose classes decode in memory of their own.

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: (settings: { print: () => void; printErr: () => void }) => Promise<unknown>;
  export = load;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: (settings: { print: () => void; printErr: () => void }) => Promise<unknown>;
  export = load;
}

declare module '@cornerstonejs/codec-openjph' {
  const load: (settings: { print: () => void; printErr: () => void }) => Promise<unknown>;
  export = load;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const load: (settings: { print: () => void; printErr: () => void }) => Promise<unknown>;
  export = load;
}
