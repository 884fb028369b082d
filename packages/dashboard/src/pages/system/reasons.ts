import { spoken, type Words } from '../../settings/language.ts'

/** What a dead letter's reason means and what helps, by its code. */
const WORDS: Words<Readonly<Record<string, readonly [means: string, helps: string]>>> = {
  en: {
    empty: ['no bytes', 'the producer sends an empty body'],
    tombstone: ['a null message', 'to take an event back, send a refund or a correction'],
    too_large: ['longer than 1 MiB', 'send what is large elsewhere, and its address in the event'],
    unknown_format: ['neither JSON nor Avro', 'is it compressed or encrypted? Send one of the two'],
    invalid_utf8: ['a text is not UTF-8', 'the producer writes another encoding'],
    invalid_json: ['not one JSON object', 'one object a message, nothing behind it'],
    too_deep: ['nested too deep', 'events need two levels'],
    invalid_avro: ['bytes do not fit their Avro schema', 'cut off, or written with another schema'],
    unknown_schema: ['nobody knows its schema', 'register the schema, then replay'],
    incompatible_schema: ['its schema is no event of the catalog', 'a required field is missing, or of another type'],
    missing_field: ['a required field is missing', 'see the event type’s schema; an empty text counts as missing'],
    wrong_type: ['a field is of another type', 'numbers are not quoted, ids are'],
    invalid_time: ['event_time cannot be read', 'RFC 3339, or milliseconds since 1970'],
    out_of_range: ['a number is too large', 'at most 2^40 in size'],
    invalid_value: ['a value that is not in its list', 'see the list in the event type’s schema'],
    unknown_event_type: ['the catalog has no such event', 'declare it in the catalog, then replay'],
  },
  zh: {
    empty: ['没有内容', '发送方发送了空消息体'],
    tombstone: ['消息为 null', '撤回事件请发送退款或更正'],
    too_large: ['超过 1 MiB', '大内容请另存，在事件中只放地址'],
    unknown_format: ['既不是 JSON 也不是 Avro', '是否压缩或加密了？请使用这两种格式之一'],
    invalid_utf8: ['文本不是 UTF-8', '发送方使用了其他编码'],
    invalid_json: ['不是一个 JSON 对象', '每条消息一个对象，其后不得有内容'],
    too_deep: ['嵌套过深', '事件只需两层'],
    invalid_avro: ['内容与其 Avro 模式不符', '被截断，或用了其他模式写入'],
    unknown_schema: ['模式未知', '注册模式后重放'],
    incompatible_schema: ['模式不是目录中的事件', '缺少必填字段，或类型不同'],
    missing_field: ['缺少必填字段', '参见事件类型的模式；空文本视为缺少'],
    wrong_type: ['字段类型不符', '数字不加引号，标识要加'],
    invalid_time: ['event_time 无法识别', '请用 RFC 3339 或 1970 年以来的毫秒数'],
    out_of_range: ['数字过大', '绝对值至多 2^40'],
    invalid_value: ['取值不在列表中', '参见事件类型模式中的列表'],
    unknown_event_type: ['目录中没有此事件', '在目录中声明后重放'],
  },
}

/** Null where a later Kivi has a reason that this page does not know. */
export const reasonTold = (code: string): readonly [means: string, helps: string] | null => spoken(WORDS)[code] ?? null
