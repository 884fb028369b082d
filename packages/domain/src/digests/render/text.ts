/** A report as plain text: the part of a mail that every program can show. */
import type { DigestAnswer } from '../types/answers.ts'
import { chatDigest, type DigestDialect } from './chat.ts'
import type { DigestCircumstances } from './told.ts'

const TEXT: DigestDialect = {
  plain: text => text.replace(/\s+/g, ' ').trim(),
  bold: text => text,
  link: (text, url) => `${text}: ${url}`,
  paragraph: '\n\n',
  newline: '\n',
}

export function digestText(digest: DigestAnswer, circumstances: DigestCircumstances): string {
  const { title, items, paragraphs } = chatDigest(digest, circumstances, TEXT)
  return `${[title, ...paragraphs(items)].join(TEXT.paragraph)}\n`
}
