/**
 * The chat form, in the part of Jinja that transformers.js knows: `<bos><image><|user|>question<|assistant|>answer<eos>`. Content is a
 * string or a list of `{type: "image"}` and `{type: "text", text}`. No blank stands between a special token and the text after it, so
 * prompt and answer have the same tokens apart as together.
 */
export const CHAT_TEMPLATE = [
  "{{ bos_token }}",
  "{% for message in messages %}",
  "{% if message['content'] is string %}",
  "{% set text = message['content'] %}{% set images = '' %}",
  "{% else %}",
  "{% set parts = namespace(text='', images='') %}",
  "{% for part in message['content'] %}",
  "{% if part['type'] == 'image' %}{% set parts.images = parts.images + '<image>' %}",
  "{% else %}{% set parts.text = parts.text + part['text'] %}{% endif %}",
  "{% endfor %}",
  "{% set text = parts.text %}{% set images = parts.images %}",
  "{% endif %}",
  "{% if message['role'] == 'user' %}{{ images + '<|user|>' + text }}",
  "{% else %}{{ '<|assistant|>' + text + eos_token }}{% endif %}",
  "{% endfor %}",
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}",
].join("");
