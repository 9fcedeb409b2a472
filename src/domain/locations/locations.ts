import type { Db } from '../../db/database.ts';

/** The location of a person: a province of Thailand. */
export interface Location {
  id: number;
  /** ISO 3166-2. */
  code: string;
  nameTh: string;
  nameEn: string;
}

export interface Locations {
  /** Returns all locations ordered by id, or those with `text` in one of their names, ignoring case. */
  list(text?: string): Promise<Location[]>;
  has(id: number): Promise<boolean>;
}

const fold = (text: string): string => text.normalize('NFC').toLowerCase();

/** Reads a table that only migrations change. */
export const locations = ({ db }: { db: Db }): Locations => {
  const all = (): Promise<Location[]> =>
    db('locations').orderBy('id').select('id', 'code', 'name_th as nameTh', 'name_en as nameEn');
  return {
    async list(text = '') {
      const wanted = fold(text.trim());
      return (await all()).filter(({ nameTh, nameEn }) =>
        [nameTh, nameEn].some((name) => fold(name).includes(wanted)),
      );
    },
    has: async (id) => (await all()).some((location) => location.id === id),
  };
};
