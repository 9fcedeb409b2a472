/** A page, a mail or an SMS of the gallery. */
export interface GalleryEntry {
  /** The folder and file of a view, or the channel and kind of a message. */
  name: string;
  address: string;
  /** The number of states. */
  states: number;
}

export interface GalleryData {
  groups: readonly { name: string; entries: readonly GalleryEntry[] }[];
}

/** One state of an entry, rendered in a frame for each language and colour scheme. */
export interface GalleryState {
  number: number;
  frames: readonly { address: string; locale: string; scheme: 'light' | 'dark' }[];
}

export interface GalleryEntryData {
  name: string;
  /** In pixels. */
  width: number;
  widths: readonly { width: number; address: string }[];
  states: readonly GalleryState[];
}
