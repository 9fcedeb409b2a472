<?php

// The requests to Pratu. docs/partner-code-exchange.md lists the parameters and the values of res_code.

declare(strict_types=1);

const SUCCESS = '000';
const WRONG_NUMBER = '104';

class PratuFailure extends RuntimeException
{
}

function setting(string $name, string $default = ''): string
{
    return getenv($name) ?: $default;
}

function issuer(): string
{
    return setting('ISSUER', 'http://localhost:3000');
}

function clientId(): string
{
    return setting('CLIENT_ID', '3001');
}

function homeUrl(): string
{
    return setting('APP_URL', 'http://localhost:' . setting('PORT', '8080')) . '/';
}

function authorizationUrl(string $state, string $verifier): string
{
    $challenge = rtrim(strtr(base64_encode(hash('sha256', $verifier, true)), '+/', '-_'), '=');
    return issuer() . '/oauth/authorize?' . http_build_query([
        'client_id' => clientId(),
        'response_type' => 'code',
        'redirect_uri' => homeUrl() . 'callback',
        'scope' => 'openid profile email phone',
        'state' => $state,
        'code_challenge' => $challenge,
        'code_challenge_method' => 'S256',
    ]);
}

function logoutUrl(): string
{
    $query = ['client_id' => clientId(), 'post_logout_redirect_uri' => homeUrl()];
    return issuer() . '/oauth/logout?' . http_build_query($query);
}

/** Exchanges a code together with the mobile number; the response, also one that refuses. */
function exchange(string $code, string $verifier, string $mobile): array
{
    return request('/oauth/token', [
        // a string: curl would send an array as multipart/form-data
        CURLOPT_POSTFIELDS => http_build_query([
            'grant_type' => 'authorization_code',
            'client_id' => clientId(),
            'client_secret' => setting('CLIENT_SECRET'),
            'code' => $code,
            'code_verifier' => $verifier,
            'redirect_uri' => homeUrl() . 'callback',
            'request_id' => bin2hex(random_bytes(16)),
            'mobile_number' => encryptMobile(setting('MOBILE_KEY'), $mobile),
            'timestamp' => gmdate('Y-m-d\TH:i:s\Z'),
        ]),
    ]);
}

/** The claims of the account that an access token is for. */
function userinfo(string $accessToken): array
{
    return request('/oauth/userinfo', [CURLOPT_HTTPHEADER => ["Authorization: Bearer $accessToken"]]);
}

function encryptMobile(string $key, string $mobile): string
{
    $iv = random_bytes(16);
    $blocks = openssl_encrypt($mobile, 'aes-256-cbc', base64_decode($key), OPENSSL_RAW_DATA, $iv);
    return base64_encode($iv . $blocks);
}

function request(string $path, array $options): array
{
    $curl = curl_init(issuer() . $path);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 10]);
    $body = curl_exec($curl);
    if ($body === false) {
        throw new PratuFailure('Pratu is not reachable: ' . curl_error($curl));
    }
    $answer = json_decode($body, true);
    if (!is_array($answer)) {
        throw new PratuFailure('The response is not JSON.');
    }
    return $answer;
}
