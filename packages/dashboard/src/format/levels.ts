import { spoken, type Words } from '../settings/language.ts'

const WORDS: Words<Readonly<Record<string, string>>> = {
  en: { company: 'company', department: 'department', team: 'team', project: 'project', individual: 'individual' },
  zh: { company: '公司', department: '部门', team: '团队', project: '项目', individual: '个人' },
}

/** At which level of the company an indicator is looked at; as it is written where nobody translated it. */
export const levelWord = (level: string): string => spoken(WORDS)[level] ?? level
