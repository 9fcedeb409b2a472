import 'package:flutter_appauth/flutter_appauth.dart';
import 'package:flutter_secure_storage/flutter_secure_storage.dart';

const issuer = 'http://localhost:3000';
const clientId = 'appauth';
const redirectUrl = 'com.example.shop:/callback';
const postLogoutRedirectUrl = 'com.example.shop:/signed-out';
const scopes = ['openid', 'profile', 'email', 'offline_access'];

/// Signs in with the system's browser, which the person trusts with the password; the app never sees it.
class SignIn {
  final _appAuth = const FlutterAppAuth();
  final _storage = const FlutterSecureStorage();

  // Only a server on this machine may use http.
  final _insecure = issuer.startsWith('http://localhost');

  /// Opens the sign-in page; the access token. Throws FlutterAppAuthUserCancelledException when the person goes back.
  Future<String> signIn() async {
    final tokens = await _appAuth.authorizeAndExchangeCode(
      AuthorizationTokenRequest(
        clientId,
        redirectUrl,
        issuer: issuer,
        scopes: scopes,
        allowInsecureConnections: _insecure,
      ),
    );
    await _store(tokens.refreshToken, tokens.idToken);
    return tokens.accessToken!;
  }

  /// A new access token without a page, null when the person has to sign in.
  Future<String?> renew() async {
    final refreshToken = await _storage.read(key: 'refresh_token');
    if (refreshToken == null) return null;
    final tokens = await _appAuth.token(
      TokenRequest(
        clientId,
        redirectUrl,
        issuer: issuer,
        refreshToken: refreshToken,
        allowInsecureConnections: _insecure,
      ),
    );
    // Each refresh token works once: store the new one before anything else.
    await _store(tokens.refreshToken, tokens.idToken);
    return tokens.accessToken;
  }

  /// Ends the session of the browser as well; without this, the next sign-in asks for no password.
  Future<void> signOut() async {
    final idToken = await _storage.read(key: 'id_token');
    await _storage.deleteAll();
    await _appAuth.endSession(
      EndSessionRequest(
        idTokenHint: idToken,
        postLogoutRedirectUrl: postLogoutRedirectUrl,
        issuer: issuer,
        allowInsecureConnections: _insecure,
      ),
    );
  }

  Future<void> _store(String? refreshToken, String? idToken) async {
    if (refreshToken != null) await _storage.write(key: 'refresh_token', value: refreshToken);
    if (idToken != null) await _storage.write(key: 'id_token', value: idToken);
  }
}
