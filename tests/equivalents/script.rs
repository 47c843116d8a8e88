//! The script as text: sound for shellcheck, whatever the box, and with no apostrophe inside what stands between two.
