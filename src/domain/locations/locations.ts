import type { Db } from '../../db/database.ts';

/** Where people are: a province of Thailand. */
export interface Location {
  id: number;
  /** ISO 3166-2. */
  code: string;
  nameTh: string;
  nameEn: string;
}

export interface Locations {
  /** All of them by id, or those with a text in one of their names, without regard to case. */
  list(text?: string): Promise<Location[]>;
  has(id: number): Promise<boolean>;
}

const fold = (text: string): string => text.normalize('NFC').toLowerCase();

/** Rows of a table that only migrations change. */
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
