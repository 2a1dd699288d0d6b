"use strict";

const text = document.querySelector("textarea");
const left = document.querySelector("output");
const tell = () => {
  left.value = `${text.maxLength - text.value.length} characters left`;
};

text.addEventListener("input", tell);
tell();
