/** Gives a picture to the person as a file. @param url Of the picture's bytes. */
export function savePicture(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
