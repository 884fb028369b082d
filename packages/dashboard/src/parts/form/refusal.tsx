import type { Refused } from '../../api/ask.ts'
import { spoken, type Words } from '../../settings/language.ts'

const WORDS: Words<Readonly<Record<string, string>> & { readonly other: string; readonly lost: string }> = {
  en: {
    key_lacks_role: 'Your key may look, not change anything.',
    out_of_scope: 'Your key is limited to a part of the data, and this is beyond it.',
    would_rewrite_the_past: 'This would change how the past was judged. What is over keeps the judgement of its time.',
    other: 'Kivi did not take this.',
    lost: 'Kivi cannot be reached. Nothing was changed, as far as this page knows: look before sending it again.',
  },
  zh: {
    key_lacks_role: '您的密钥只能查看，不能修改。',
    out_of_scope: '您的密钥仅限部分数据，此操作超出其范围。',
    would_rewrite_the_past: '这会改变对过去的评判。已结束的时期保留当时的评判。',
    other: '未被 Kivi 接受。',
    lost: '无法连接 Kivi。就本页所知没有任何更改：重新提交前请先核对。',
  },
}

/** What kind of refusal a code stands for, in the reader's words. */
export const refusalWord = (code: string): string => spoken(WORDS)[code] ?? spoken(WORDS).other

/** Why something could not be set: in the reader's words what kind of refusal it is, and what Kivi says exactly. */
export function Refusal({ refused }: { refused: Refused }) {
  const words = spoken(WORDS)
  const isLost = refused.status === 0
  return (
    <div class="refusal" role="alert" data-code={refused.code}>
      <p>
        <strong>{isLost ? words.lost : refusalWord(refused.code)}</strong>
      </p>
      {!isLost && <p lang="en">{refused.message}</p>}
    </div>
  )
}

/** What Kivi says about one field: `items/2/from` and `from` are both about `from`. */
export const wrongWith = (refused: Refused | null, field: string): string | null =>
  refused !== null && refused.parameter?.split('/').includes(field) === true ? refused.message : null
