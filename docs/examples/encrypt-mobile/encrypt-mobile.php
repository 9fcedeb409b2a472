<?php // php encrypt-mobile.php KEY MOBILE

[, $key, $mobile] = $argv;
$iv = random_bytes(16);
$blocks = openssl_encrypt($mobile, 'aes-256-cbc', base64_decode($key), OPENSSL_RAW_DATA, $iv);
echo base64_encode($iv . $blocks);
