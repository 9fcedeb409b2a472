import type { Db } from '../../db/database.ts';
import type { Title } from './account.ts';

export interface Titles {
  list(): Promise<Title[]>;
}

/** The titles that may precede a person's name. Only migrations change their table. */
export const titles = ({ db }: { db: Db }): Titles => ({
  list: () => db('titles').orderBy('id').select('id', 'name_th as nameTh', 'name_en as nameEn', 'gender'),
});
