/** Types that a browser may show; SVG is not one of them, since it can hold a script. */
const SHOWN = /^(?:image\/(?!svg)|audio\/|video\/)/;

/** Characters of a file name in RFC 8187's form. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Images, audio and video are shown, every other file is saved under its name. */
export const dispositionOf = (mimeType: string, name: string | undefined): string => {
  const kind = SHOWN.test(mimeType) ? 'inline' : 'attachment';
  return name === undefined ? kind : `${kind}; filename*=UTF-8''${encodeName(name.toWellFormed())}`;
};
