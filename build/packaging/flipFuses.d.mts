/** What electron-builder says of a package that it has put together; only what is used here. */
interface PackContext {
  readonly appOutDir: string;
  readonly electronPlatformName: string;
  readonly packager: {
    readonly appInfo: { readonly productFilename: string };
    readonly executableName: string;
    readonly config: { readonly electronVersion?: string };
  };
}

export default function afterPack(context: PackContext): Promise<void>;
