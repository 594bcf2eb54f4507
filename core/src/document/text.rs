//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16, Windows-1252.
